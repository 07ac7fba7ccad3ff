"""The house rules: the tree, the layers, the deployment's files, the launcher."""

"""How Hemaqueue is run: on one machine (`local`), in containers, behind nginx."""

"""What both sides of the queue know: names, messages, pictures, files. No Django, no TensorFlow."""

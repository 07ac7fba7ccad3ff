"""`./hemaqueue submit`: a folder of images to any server, each file once, whatever breaks.

Needs Python alone: no Django, no TensorFlow, no environment of the project's.

    command ── sending ── journal (what is known of each file, fsynced before and after it is sent)
       └────── watching (a scanner's folder, for ever)
"""

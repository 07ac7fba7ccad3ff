#!/usr/bin/env python3
"""Django's entry point; puts `platform/` on the path."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "platform"))

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hemaqueue.settings.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

"""Plugins as people meet them: published, installed, run for them. Running code is `plugins`' business."""

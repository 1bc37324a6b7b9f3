"""What every room stands on: words, problems with place and remedy, canonical JSON, YAML, files."""

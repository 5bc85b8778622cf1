"""What comes with DevTime, loaded exactly as strangers' plugins are."""

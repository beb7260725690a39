# Key pairs and API keys.

# Schlüsselpaare und API-Schlüssel.

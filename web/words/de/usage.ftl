# Nutzung: das Diagramm, die Stunden, ihre Geschichten, die erwartete Rechnung.

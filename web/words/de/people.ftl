# Personen: Mitglieder, Einladungen, Rollen.

# Was die Stockwerke unter der Konsole sagen.

below-role-owner = Eigentümer
below-not-found = Diesen Eintrag gibt es nicht: { $noun }.

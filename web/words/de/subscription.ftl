# Das Abonnement.

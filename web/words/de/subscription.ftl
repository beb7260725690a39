# Das Abonnement.
subscription-arn-copy = Lizenz-ARN

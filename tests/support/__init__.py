"""What tests share: small rounds, documents, and slow references."""

"""The ground floor: settings, database, tenancy, auth, errors, money, periods, language."""

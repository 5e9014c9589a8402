"""Key areas (重点领域): the ledger of people, money, goods and affairs, with the traces each matter must leave."""

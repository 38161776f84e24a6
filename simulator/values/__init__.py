"""Money, names, time, chance, reasons and settings: values that everything else is made of."""

print("no chapter yet")

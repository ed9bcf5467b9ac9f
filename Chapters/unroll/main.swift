print("no chapters yet")

/// Fourteen lines to learn by heart, written for this chapter.
let poem = """
  The river keeps no record of the rain
  yet every bend remembers where it fell
  the stones lie still and listen once again
  to what the water never stops to tell
  at dusk the herons fold themselves to sleep
  and lanterns drift like seeds along the shore
  small boats come home with secrets they will keep
  and moonlight leans against the harbour door
  but morning comes with nothing left to prove
  new currents pull the old ones out of sight
  we learn by watching how the shallows move
  that letting go is half of holding tight
  so read me slowly word by patient word
  and guess the next before it can be heard
  """

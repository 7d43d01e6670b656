package dev.keg.machine;

import dev.keg.error.InvalidInput.InvalidMachine;

/** What a machine is called; Keg asks nobody whether there is one. */
public record MachineId(String text) {
  // It becomes a file's name, with an ending.
  private static final int LONGEST = 240;

  public MachineId {
    if (!text.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*") || text.length() > LONGEST) {
      throw new InvalidMachine(
          "invalid machine name: '" + text + "': only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}

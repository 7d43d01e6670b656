package dev.keg.machine;

import dev.keg.error.InvalidInput.InvalidMachine;

/** The name of a machine; Keg does not check that it exists. */
public record MachineId(String text) {
  // It is used as a file name with an extension.
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

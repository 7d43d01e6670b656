package dev.keg.windows.win32;

import java.util.Arrays;

/** The methods of {@code Win32_EncryptableVolume} in Windows Management Instrumentation. */
public interface Wmi {
  /** A text that may be a secret. It is not a string, so that closing can overwrite it. */
  final class Secret implements AutoCloseable {
    private final char[] characters;

    /** Takes over the characters without copying them. */
    public Secret(char[] characters) {
      this.characters = characters;
    }

    public char[] characters() {
      return characters;
    }

    @Override
    public void close() {
      Arrays.fill(characters, '\0');
    }
  }

  /** An argument of a method. */
  sealed interface Argument {
    String name();

    /** A text. */
    record Text(String name, Secret value) implements Argument {}

    /** A number. */
    record Flags(String name, int value) implements Argument {}
  }

  /**
   * The answer of a method.
   *
   * @param code the returned HRESULT
   * @param number the wanted result, if it is a number
   * @param text the wanted result, if it is a text
   */
  record Answer(int code, int number, Secret text) {
    public Answer(int code, int number) {
      this(code, number, new Secret(new char[0]));
    }
  }

  /**
   * Calls a method of a volume.
   *
   * @param wanted the name of the wanted result; empty for none
   */
  Answer call(VolumeGuidPath volume, String method, String wanted, Argument... arguments)
      throws Win32Exception;
}

package dev.keg.age;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A pass phrase, from which scrypt derives a key. It is the only recipient of its files. */
public final class PassPhrase implements Identity, Recipient {
  private static final String TYPE = "scrypt";
  private static final String LABEL = "age-encryption.org/v1/scrypt";
  private static final int SALT = 16;
  private static final int R = 8;

  /** 64 MiB and half a second. */
  private static final int LOG_N = 16;

  /**
   * 256 MiB, the maximum of {@code age -p}. A larger value is an attempt to keep this machine busy.
   */
  private static final int MOST = 18;

  private final byte[] phrase;
  private final int logN;

  private PassPhrase(byte[] phrase, int logN) {
    this.phrase = phrase;
    this.logN = logN;
  }

  /** The pass phrase in this text, which must not be empty. */
  public static PassPhrase of(String phrase) {
    if (phrase.isEmpty()) {
      throw new IllegalArgumentException("the pass phrase is empty");
    }
    return new PassPhrase(phrase.getBytes(StandardCharsets.UTF_8), LOG_N);
  }

  /** The same phrase with another cost: opening what it encrypts takes {@code 1 << logN} steps. */
  public PassPhrase costing(int logN) {
    return new PassPhrase(phrase, logN);
  }

  /** Whether the stanza wraps a key for a pass phrase. */
  public static boolean isWrapped(Stanza stanza) {
    return stanza.type().equals(TYPE);
  }

  @Override
  public Stanza wrap(FileKey key) {
    byte[] salt = FileKey.random(SALT);
    return new Stanza(
        List.of(TYPE, Stanza.encode(salt), Integer.toString(logN)), key.wrap(key(salt, logN)));
  }

  @Override
  public Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
    if (!isWrapped(stanza)) {
      return Optional.empty();
    }
    List<String> arguments = stanza.arguments();
    if (arguments.size() != 3 || !arguments.get(2).matches("[1-9][0-9]?")) {
      throw AgeException.header("malformed scrypt stanza");
    }
    byte[] salt = Stanza.decode(arguments.get(1), SALT);
    int factor = Integer.parseInt(arguments.get(2));
    if (factor > MOST) {
      throw AgeException.header("scrypt work factor %d is above %d".formatted(factor, MOST));
    }
    return FileKey.unwrap(key(salt, factor), stanza.body());
  }

  private byte[] key(byte[] salt, int factor) {
    byte[] label = LABEL.getBytes(StandardCharsets.US_ASCII);
    byte[] labelled = new byte[label.length + salt.length];
    System.arraycopy(label, 0, labelled, 0, label.length);
    System.arraycopy(salt, 0, labelled, label.length, salt.length);
    return Scrypt.key(phrase, labelled, factor, R);
  }

  @Override
  public String toString() {
    return "pass phrase";
  }
}

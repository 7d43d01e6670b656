package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.Identity;
import dev.keg.age.PassPhrase;
import dev.keg.age.PublicKey;
import dev.keg.age.Recipient;
import dev.keg.age.SecretKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The secret that opens a repository or an archive: a pass phrase, a {@link WriteKey}, or a file of
 * {@code age-keygen} with a secret key or only the public half:
 *
 * <pre>
 * # created: 2026-11-20T10:58:01Z
 * # public key: age1…
 * AGE-SECRET-KEY-1…
 * </pre>
 *
 * @param identities decrypt; empty for a public key
 * @param recipients encrypt; empty for a write-only key
 * @param writing writes to one repository and opens nothing
 */
public record Secret(
    List<Identity> identities, List<Recipient> recipients, Optional<WriteKey> writing) {
  private static final Pattern LINE_END = Pattern.compile("\r?\n\\z");

  /** The prefixes of keys of age and SSH: a damaged key must not count as a pass phrase. */
  private static final Pattern KEY = Pattern.compile("(?i)age1|age-|ssh-|keg-write-key-");

  public Secret {
    identities = List.copyOf(identities);
    recipients = List.copyOf(recipients);
  }

  public Secret(List<Identity> identities, List<Recipient> recipients) {
    this(identities, recipients, Optional.empty());
  }

  /**
   * Parses it; anything that is not a key is a pass phrase.
   *
   * @throws IllegalArgumentException if it can be neither; the message gives the reason
   */
  public static Secret parse(String text) {
    try {
      List<SecretKey> keys = keys(text);
      if (!keys.isEmpty()) {
        return new Secret(List.copyOf(keys), List.of(keys.getFirst().recipient()));
      }
      List<String> lines = words(text).toList();
      if (lines.size() == 1 && WriteKey.isMeant(lines.getFirst())) {
        return new Secret(List.of(), List.of(), Optional.of(WriteKey.parse(lines.getFirst())));
      }
      if (!lines.isEmpty() && lines.stream().allMatch(PublicKey::isMeant)) {
        return new Secret(List.of(), recipients(lines));
      }
    } catch (AgeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return passPhrase(LINE_END.matcher(text).replaceFirst(""));
  }

  private static Secret passPhrase(String phrase) {
    if (phrase.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    if (KEY.matcher(phrase).lookingAt()) {
      throw new IllegalArgumentException("it looks like a key, but not of a kind that Keg knows");
    }
    if (phrase.contains("\n")) {
      throw new IllegalArgumentException("it has several lines, none of which is a key");
    }
    PassPhrase secret = PassPhrase.of(phrase);
    return new Secret(List.of(secret), List.of(secret));
  }

  private static List<Recipient> recipients(List<String> lines) throws AgeException {
    List<Recipient> recipients = new ArrayList<>();
    for (String line : lines) {
      recipients.add(PublicKey.parse(line));
    }
    return recipients;
  }

  /** The secret keys among the lines. */
  static List<SecretKey> keys(String text) throws AgeException {
    List<SecretKey> keys = new ArrayList<>();
    for (String line : words(text).filter(SecretKey::isMeant).toList()) {
      keys.add(SecretKey.parse(line));
    }
    return keys;
  }

  private static Stream<String> words(String text) {
    return text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#"));
  }

  @Override
  public String toString() {
    return "a secret";
  }
}

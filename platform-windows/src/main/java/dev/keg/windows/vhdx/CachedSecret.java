package dev.keg.windows.vhdx;

import dev.keg.driver.Secrets;
import java.util.Arrays;
import java.util.Optional;

/** Asks for one secret once in an operation that needs it several times. */
final class CachedSecret implements Secrets, AutoCloseable {
  private final Secrets asked;
  private Optional<char[]> answer = Optional.empty();

  CachedSecret(Secrets asked) {
    this.asked = asked;
  }

  @Override
  public Optional<char[]> ask(String prompt) {
    if (answer.isEmpty()) {
      answer = asked.ask(prompt);
    }
    return answer.map(char[]::clone);
  }

  @Override
  public void close() {
    answer.ifPresent(secret -> Arrays.fill(secret, '\0'));
  }
}

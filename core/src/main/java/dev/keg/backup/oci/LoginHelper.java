package dev.keg.backup.oci;

import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.program.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program {@code docker-credential-NAME} that stores logins. It reads the registry's name and
 * prints {@code {"ServerURL":"…","Username":"…","Secret":"…"}}, or a message if it fails.
 */
record LoginHelper(String name, Programs programs) {
  private static final int LONGEST = 1 << 16;
  private static final String NONE = "credentials not found";

  /** The user name that marks the secret as a token. */
  private static final String TOKEN = "<token>";

  Optional<Login> get(ImageReference image) throws StoreException {
    String program = "docker-credential-" + name;
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw failure(image, "the name of the credential helper is invalid", null);
    }
    try (Programs.Running helper = programs.start(List.of(program, "get"))) {
      try (OutputStream input = helper.input()) {
        input.write(image.account().getBytes(StandardCharsets.UTF_8));
      }
      byte[] output = helper.output().readNBytes(LONGEST);
      int status = helper.exitCode();
      if (status == 0) {
        return Optional.of(parse(output));
      }
      String text = new String(output, StandardCharsets.UTF_8) + helper.complaint();
      if (text.contains(NONE)) {
        return Optional.empty();
      }
      throw failure(image, "%s ended with status %d".formatted(program, status), null);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw failure(image, program + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(image, "interrupted", e);
    }
  }

  private static Login parse(byte[] output) throws IOException {
    Map<String, Object> fields;
    try {
      fields = JsonObject.parse(output);
    } catch (InvalidDocument _) {
      throw new IOException("it printed no JSON object");
    }
    if (fields.get("Username") instanceof String user
        && fields.get("Secret") instanceof String secret) {
      return user.equals(TOKEN) ? new Login.RefreshToken(secret) : new Login.Password(user, secret);
    }
    throw new IOException("it printed no user and secret");
  }

  private static StoreException failure(
      ImageReference image, String why, @Nullable Throwable cause) {
    return new StoreException.Failed(
        image.place(), "log in", why, "`docker login %s` tests it".formatted(image.host()), cause);
  }
}

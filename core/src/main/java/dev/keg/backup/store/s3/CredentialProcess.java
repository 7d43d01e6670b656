package dev.keg.backup.store.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keg.backup.store.Programs;
import dev.keg.backup.store.StoreException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that a program prints, as the AWS tools agreed:
 *
 * <pre>
 * {"Version":1,"AccessKeyId":"…","SecretAccessKey":"…","SessionToken":"…","Expiration":"2026-11-20T12:00:00Z"}
 * </pre>
 */
final class CredentialProcess {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST = 1 << 20;

  private final String store;
  private final String command;
  private final Programs programs;

  CredentialProcess(String store, String command, Programs programs) {
    this.store = store;
    this.command = command;
    this.programs = programs;
  }

  Credentials run() throws StoreException {
    try (Programs.Running program = programs.start(CommandLine.split(command))) {
      program.input().close();
      byte[] output = program.output().readNBytes(LONGEST);
      int exitCode = program.exitCode();
      if (exitCode != 0) {
        throw failure("exit code " + exitCode + ": " + program.complaint(), null);
      }
      return parse(output);
    } catch (StoreException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw failure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  private static Credentials parse(byte[] output) throws IOException {
    Map<String, String> fields = fields(output);
    if (!fields.getOrDefault("Version", "").equals("1")) {
      throw new IOException("it printed no credentials of version 1");
    }
    String expiry = fields.get("Expiration");
    return new Credentials(
        fields.getOrDefault("AccessKeyId", ""),
        fields.getOrDefault("SecretAccessKey", ""),
        fields.get("SessionToken"),
        expiry == null ? null : time(expiry));
  }

  private static Instant time(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  // The parser's own messages quote what it read, and that is the secret.
  private static Map<String, String> fields(byte[] output) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(output)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it printed no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken().isScalarValue()) {
          fields.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return fields;
    } catch (com.fasterxml.jackson.core.JsonProcessingException _) {
      throw new IOException("it printed no JSON object");
    }
  }

  private StoreException failure(String why, @Nullable Throwable cause) {
    return new StoreException.Failed(
        store, "credential_process", why, "run the program of the profile by hand", cause);
  }
}

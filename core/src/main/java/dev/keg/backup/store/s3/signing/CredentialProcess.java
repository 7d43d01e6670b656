package dev.keg.backup.store.s3.signing;

import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.program.Programs;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that a program prints in the format of the AWS tools:
 *
 * <pre>
 * {"Version":1,"AccessKeyId":"…","SecretAccessKey":"…","SessionToken":"…","Expiration":"2026-11-20T12:00:00Z"}
 * </pre>
 */
public final class CredentialProcess {
  private static final int LONGEST = 1 << 20;

  private final String store;
  private final String command;
  private final Programs programs;

  public CredentialProcess(String store, String command, Programs programs) {
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
    Map<String, Object> fields = fields(output);
    if (!"1".equals(fields.get("Version"))) {
      throw new IOException("it printed no credentials of version 1");
    }
    String expiry = text(fields, "Expiration");
    return new Credentials(
        Objects.requireNonNullElse(text(fields, "AccessKeyId"), ""),
        Objects.requireNonNullElse(text(fields, "SecretAccessKey"), ""),
        text(fields, "SessionToken"),
        expiry == null ? null : time(expiry));
  }

  private static Map<String, Object> fields(byte[] output) throws IOException {
    try {
      return JsonObject.parse(output);
    } catch (InvalidDocument _) {
      throw new IOException("it printed no JSON object");
    }
  }

  private static @Nullable String text(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  private static Instant time(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private StoreException failure(String why, @Nullable Throwable cause) {
    return new StoreException.Failed(
        store, "credential_process", why, "run the program of the profile by hand", cause);
  }
}

package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.http.Sending;
import dev.keg.backup.store.http.TrustedRoots;
import dev.keg.backup.store.s3.signing.CredentialProcess;
import dev.keg.backup.store.s3.signing.Credentials;
import dev.keg.backup.store.s3.signing.Credentials.Source;
import dev.keg.backup.store.s3.signing.Profiles;
import dev.keg.backup.store.s3.signing.RenewedCredentials;
import dev.keg.file.FileFailures;
import dev.keg.registry.record.RecordStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates a bucket's client from the options, then {@code AWS_*}, then the profile, in the order of
 * the AWS tools. A profile in the options takes precedence over keys in the environment.
 */
public final class S3Setup {
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** A user of a registry waits at a shell, and may be able to continue without it. */
  private static final Duration RECORDS_IDLE = Duration.ofSeconds(10);

  private static final int RECORDS_ATTEMPTS = 4;

  private static final String PROFILE_HINT =
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has keys; for roles"
          + " and single sign-on, put this into it: credential_process = aws configure"
          + " export-credentials --profile %s --format process";

  private final S3Options options;
  private final S3Environment environment;
  private final String store;
  private final String profileName;
  private final Map<String, String> profile;

  private S3Setup(S3Options options, S3Environment environment) throws StoreException {
    this.options = options;
    this.environment = environment;
    this.store = "s3://" + options.bucket();
    Optional<String> named =
        Optional.ofNullable(options.profile()).or(() -> variable("AWS_PROFILE"));
    this.profileName = named.orElse("default");
    Optional<Map<String, String>> found =
        Profiles.parse(
                file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                file("AWS_CONFIG_FILE", "config"))
            .find(profileName);
    if (named.isPresent() && found.isEmpty()) {
      throw new StoreException.Failed(
          store, "open", "no AWS profile is named '" + profileName + "'", "check ~/.aws/config");
    }
    this.profile = found.orElse(Map.of());
  }

  public static S3Store open(S3Options options, S3Environment environment) throws StoreException {
    S3Setup setup = new S3Setup(options, environment);
    return new S3Store(setup.client(setup.attempts(), IDLE), PartSizes.SMALLEST, options.lock());
  }

  /** Opens a bucket for the records of a registry. */
  public static RecordStore openRecords(S3Options options, S3Environment environment)
      throws StoreException {
    S3Setup setup = new S3Setup(options, environment);
    return new S3Records(setup.client(Math.min(RECORDS_ATTEMPTS, setup.attempts()), RECORDS_IDLE));
  }

  private S3Client client(int attempts, Duration idle) throws StoreException {
    S3Connection connection =
        new S3Connection(
            http(),
            credentials(),
            environment.clock(),
            environment.backoff(),
            attempts,
            idle,
            environment.limits(),
            environment.debug());
    return new S3Client(location(), connection);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.variables().get(name)).filter(text -> !text.isBlank());
  }

  private Optional<String> setting(String name) {
    return Optional.ofNullable(profile.get(name)).filter(text -> !text.isBlank());
  }

  private String file(String variable, String usual) throws StoreException {
    Path home = environment.home();
    Path file =
        variable(variable)
            .map(path -> home.getFileSystem().getPath(path))
            .orElseGet(() -> home.resolve(".aws").resolve(usual));
    try {
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      return "";
    } catch (IOException e) {
      throw new StoreException.Failed(store, "open", file + ": " + FileFailures.reason(e), null, e);
    }
  }

  private S3Location location() throws StoreException {
    String region =
        Optional.ofNullable(options.region())
            .or(() -> variable("AWS_REGION"))
            .or(() -> variable("AWS_DEFAULT_REGION"))
            .or(() -> setting("region"))
            .orElse("us-east-1");
    return new S3Location(
        options.bucket(), options.prefix(), endpoint(), region, options.virtual());
  }

  private @Nullable URI endpoint() throws StoreException {
    Optional<String> elsewhere =
        variable("AWS_ENDPOINT_URL_S3")
            .or(() -> variable("AWS_ENDPOINT_URL"))
            .or(() -> setting("endpoint_url"));
    URI given = options.endpoint();
    return given != null || elsewhere.isEmpty() ? given : Endpoint.parse(store, elsewhere.get());
  }

  private int attempts() throws StoreException {
    Optional<String> said = variable("AWS_MAX_ATTEMPTS").or(() -> setting("max_attempts"));
    if (said.isEmpty()) {
      return Backoff.ATTEMPTS;
    }
    if (!said.get().matches("[1-9]\\d{0,2}")) {
      throw new StoreException.Failed(
          store,
          "open",
          "AWS_MAX_ATTEMPTS is '" + said.get() + "', which is not a number from 1 to 999",
          null);
    }
    return Integer.parseInt(said.get());
  }

  private Source credentials() throws StoreException {
    Optional<String> key = variable("AWS_ACCESS_KEY_ID");
    if (key.isPresent() && options.profile() == null) {
      Credentials fixed =
          new Credentials(
              key.get(),
              variable("AWS_SECRET_ACCESS_KEY")
                  .orElseThrow(() -> none("AWS_SECRET_ACCESS_KEY is not set")),
              variable("AWS_SESSION_TOKEN").orElse(null),
              null);
      return () -> fixed;
    }
    if (setting("aws_access_key_id").isPresent()) {
      Credentials fixed =
          new Credentials(
              setting("aws_access_key_id").get(),
              setting("aws_secret_access_key")
                  .orElseThrow(
                      () -> none("profile '" + profileName + "' has a key without its secret")),
              setting("aws_session_token").orElse(null),
              null);
      return () -> fixed;
    }
    String command =
        setting("credential_process")
            .orElseThrow(
                () ->
                    none(
                        profile.isEmpty()
                            ? "AWS_ACCESS_KEY_ID is not set, and there is no profile in ~/.aws"
                            : "profile '" + profileName + "' has no keys"));
    CredentialProcess process = new CredentialProcess(store, command, environment.programs());
    return new RenewedCredentials(process, environment.clock());
  }

  private StoreException none(String why) {
    return new StoreException.Failed(
        store, "open", "no credentials: " + why, PROFILE_HINT.formatted(profileName));
  }

  private HttpClient http() throws StoreException {
    HttpClient.Builder builder = Sending.client();
    Optional<String> bundle = variable("AWS_CA_BUNDLE").or(() -> setting("ca_bundle"));
    if (bundle.isPresent()) {
      Path file = environment.home().getFileSystem().getPath(bundle.get());
      builder.sslContext(TrustedRoots.context(store, "AWS_CA_BUNDLE", file));
    }
    return builder.build();
  }
}

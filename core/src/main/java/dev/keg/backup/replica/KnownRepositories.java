package dev.keg.backup.replica;

import dev.keg.backup.replica.RepositoryLocation.Directory;
import dev.keg.backup.repository.Repository;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The repositories that this root knows: those that its volumes were backed up to, the most recent
 * first, and those that it trusts, with their ids, so that a different repository at the same
 * location is not trusted:
 *
 * <pre>
 * {"schema":1,"repositories":["/srv/backups","s3://nightly/keg"],"trusted":{"/srv/backups":"8a5c…"}}
 * </pre>
 *
 * <p>A repository is trusted if this root created it, or if the operator says so. Only then may its
 * backups refer to paths of the host and restore devices and privileges.
 */
public final class KnownRepositories {
  private static final long SCHEMA = 1;
  private static final int MOST = 20;
  private static final String LOCK = "@repositories";

  private final VolumeRegistry registry;

  public KnownRepositories(VolumeRegistry registry) {
    this.registry = registry;
  }

  private record Content(List<String> repositories, SortedMap<String, String> trusted) {
    static final Content NONE = new Content(List.of(), Collections.emptySortedMap());

    Content {
      repositories = List.copyOf(repositories);
      trusted = Collections.unmodifiableSortedMap(new TreeMap<>(trusted));
    }
  }

  /** A known repository. */
  public record Known(String location, boolean trusted) {}

  /** The repositories that volumes were backed up to. */
  public List<String> list() {
    return read().repositories();
  }

  /** All repositories; those that are only trusted come last. */
  public List<Known> all() {
    Content content = read();
    SequencedSet<String> locations = new LinkedHashSet<>(content.repositories());
    locations.addAll(content.trusted().keySet());
    return locations.stream()
        .map(location -> new Known(location, content.trusted().containsKey(location)))
        .toList();
  }

  /** What this root remembers of the backups that it made. */
  public WrittenBackups written(Consumer<String> debug) {
    return new WrittenBackups(registry, debug);
  }

  /** The only repository, which is used if none is named. */
  public Optional<String> only() {
    List<String> known = list();
    return known.size() == 1 ? Optional.of(known.getFirst()) : Optional.empty();
  }

  /** Remembers a repository; an address contains no secret. */
  public void remember(String location) {
    String text = normal(location);
    if (list().stream().findFirst().filter(text::equals).isPresent()) {
      return;
    }
    update(
        content -> {
          List<String> known = new ArrayList<>(content.repositories());
          known.remove(text);
          known.addFirst(text);
          return new Content(known.stream().limit(MOST).toList(), content.trusted());
        });
  }

  /**
   * Whether this root trusts the repository at this location, as far as that is known before
   * opening it.
   */
  public boolean isTrusted(String location) {
    return read().trusted().containsKey(normal(location));
  }

  /** Whether this root trusts the repository that was opened at this location. */
  public boolean trusts(String location, Repository repository) {
    Optional<String> known = Optional.ofNullable(read().trusted().get(normal(location)));
    return known.isPresent() && known.equals(repository.id());
  }

  public void trust(String location, Repository repository) {
    String id =
        repository
            .id()
            .orElseThrow(
                () ->
                    new InvalidRepository(
                        repository.address() + " has no " + Repository.DESCRIPTION,
                        "a backup to it writes one"));
    update(
        content -> {
          SortedMap<String, String> trusted = new TreeMap<>(content.trusted());
          trusted.put(normal(location), id);
          return new Content(content.repositories(), trusted);
        });
  }

  /**
   * Allows copying backups to another repository: a new one becomes trusted if the source is, and a
   * trusted one receives nothing from an untrusted one.
   */
  public void admit(String from, Repository original, String to, Repository copy) {
    requireTrusted(from, original, to, copy);
    if (copy.isNew() && trusts(from, original)) {
      trust(to, copy);
    }
  }

  /** Refuses data from an untrusted repository for a trusted one. */
  public void requireTrusted(String from, Repository original, String to, Repository other) {
    if (trusts(to, other) && !trusts(from, original)) {
      throw new InvalidRepository(
          "%s is not trusted, but %s is".formatted(original.address(), other.address()),
          "`keg repo trust %s` if nobody else can write to it; otherwise keep their data apart"
              .formatted(original.address()));
    }
  }

  /** Revokes the trust; returns false if the repository was not trusted. */
  public boolean distrust(String location) {
    if (!isTrusted(location)) {
      return false;
    }
    update(
        content -> {
          SortedMap<String, String> trusted = new TreeMap<>(content.trusted());
          trusted.remove(normal(location));
          return new Content(content.repositories(), trusted);
        });
    return true;
  }

  /** The stored form of a location: for a directory, its absolute path. */
  public String normal(String location) {
    var files = registry.layout().repositories().getFileSystem();
    return RepositoryLocation.parse(location, files) instanceof Directory(var path)
        ? path.toString()
        : location;
  }

  /** Also empty if the file is damaged: the next backup writes it again, and nothing is trusted. */
  private Content read() {
    Path file = registry.ownFile(RegistryLayout::repositories);
    if (!Files.isReadable(file)) {
      return Content.NONE;
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      return new Content(json.texts("repositories"), json.optionalMap("trusted"));
    } catch (InvalidDocument _) {
      return Content.NONE;
    }
  }

  private interface Change {
    Content of(Content before);
  }

  private void update(Change change) {
    registry.openForWriting();
    Path file = registry.layout().repositories();
    try (var _ = registry.lock().lockContainer(LOCK)) {
      Content after = change.of(read());
      JsonObject json =
          JsonObject.ofSchema(SCHEMA)
              .texts("repositories", after.repositories())
              .and(
                  after.trusted().isEmpty()
                      ? new JsonObject()
                      : new JsonObject().put("trusted", after.trusted()));
      registry.files().writeForRoot(LOCK, file, json.bytes());
    }
  }
}

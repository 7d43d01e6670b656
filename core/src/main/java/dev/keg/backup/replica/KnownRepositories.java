package dev.keg.backup.replica;

import dev.keg.backup.replica.RepositoryLocation.Directory;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The repositories that volumes of this root were backed up to, the last one first: for completion,
 * and for commands that name none where there is only one.
 *
 * <pre>
 * {"schema":1,"repositories":["/srv/backups","s3://nightly/keg"]}</pre>
 */
public final class KnownRepositories {
  private static final long SCHEMA = 1;
  private static final int MOST = 20;
  private static final String LOCK = "@repositories";

  private final VolumeRegistry registry;

  public KnownRepositories(VolumeRegistry registry) {
    this.registry = registry;
  }

  /** Nothing, too, where the file cannot be understood: it is written anew by the next backup. */
  public List<String> list() {
    Path file = registry.layout().repositories();
    if (!Files.isReadable(file)) {
      return List.of();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      return List.copyOf(json.texts("repositories"));
    } catch (InvalidDocument _) {
      return List.of();
    }
  }

  /** The one that is meant where none is named. */
  public Optional<String> only() {
    List<String> known = list();
    return known.size() == 1 ? Optional.of(known.getFirst()) : Optional.empty();
  }

  /** Remembers a repository; an address holds no secret. */
  public void remember(String location) {
    Path file = registry.layout().repositories();
    String text =
        switch (RepositoryLocation.parse(location, file.getFileSystem())) {
          case Directory(var path) -> path.toString();
          case RepositoryLocation.Bucket _, RepositoryLocation.Remote _ -> location;
        };
    if (list().stream().findFirst().filter(text::equals).isPresent()) {
      return;
    }
    try (var _ = registry.lock().lockContainer(LOCK)) {
      List<String> known = new ArrayList<>(list());
      known.remove(text);
      known.addFirst(text);
      byte[] content =
          JsonObject.ofSchema(SCHEMA)
              .texts("repositories", known.stream().limit(MOST).toList())
              .bytes();
      registry.files().noteContainer(LOCK, file, content);
    }
  }
}

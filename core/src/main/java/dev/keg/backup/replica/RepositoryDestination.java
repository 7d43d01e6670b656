package dev.keg.backup.replica;

import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.save.Containment;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Repositories that get the same backup, all at once. It builds on the newest backup of the volume
 * that all of them have; without one it is full.
 *
 * @param debug hears why a backup is full although there are earlier ones
 */
public record RepositoryDestination(
    List<Repository> repositories, Origin origin, Consumer<String> debug) implements Destination {
  public RepositoryDestination {
    repositories = List.copyOf(repositories);
  }

  @Override
  public Draft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    Baseline baseline =
        new Baseline.Search(volume, origin.host(), debug).in(repositories, request.full());
    return new RepositoryDraft(origin, volume, request, baseline, usage);
  }

  @Override
  public void requireOutside(Volume volume, Path data) {
    FileSystem files = data.getFileSystem();
    for (Repository repository : repositories) {
      String address = repository.address();
      if (!address.contains("://")) {
        Containment.requireOutside(volume, data, files.getPath(address), "repository");
      }
    }
  }
}

package dev.keg.file;

import dev.keg.volume.WindowsNames;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Directories that Windows reads, alone or together with another system. */
public record WindowsNaming(DirectorySync disk, boolean windows, boolean shared)
    implements DirectorySync {
  @Override
  public void sync(Path directory) throws IOException {
    disk.sync(directory);
  }

  @Override
  public Optional<String> whyUnusable(String name) {
    return windows ? WindowsNames.whyUnusable(name) : Optional.empty();
  }

  @Override
  public String spelling(Path file) throws IOException {
    return String.valueOf(
        (windows ? file.toRealPath(LinkOption.NOFOLLOW_LINKS) : file).getFileName());
  }

  @Override
  public boolean isSharedWithWindows(Path directory) {
    return shared;
  }
}

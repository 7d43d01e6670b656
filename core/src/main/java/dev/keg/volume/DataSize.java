package dev.keg.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much data a directory holds, as docker counts it: the apparent sizes of everything but
 * directories, each inode once, a link by its own length. Files that vanish meanwhile are not
 * counted.
 */
public final class DataSize extends SimpleFileVisitor<Path> {
  private final Path root;
  private final Set<Object> seen = new HashSet<>();
  private long sum;

  private DataSize(Path root) {
    this.root = root;
  }

  public static Size of(Path directory) throws IOException {
    DataSize visitor = new DataSize(directory);
    if (Files.isDirectory(directory)) {
      Files.walkFileTree(directory, visitor);
    }
    return new Size(visitor.sum);
  }

  // A Windows junction is a link, although Java calls it a directory.
  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    boolean junction = attributes.isOther() && !directory.equals(root);
    return junction ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    @Nullable Object inode = attributes.fileKey();
    if (attributes.size() > 0 && (inode == null || seen.add(inode))) {
      sum += attributes.size();
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (Files.exists(file)) {
      throw e;
    }
    return FileVisitResult.CONTINUE;
  }
}

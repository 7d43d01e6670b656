package dev.keg.backup.archive;

import dev.keg.backup.archive.index.RangeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An archive and the earlier objects it refers to, each opened when first needed. */
public final class ArchiveSources implements AutoCloseable {
  /** Opens an archive, or one that it refers to, by name. */
  @FunctionalInterface
  public interface Opener {
    RangeSource open(String object);
  }

  private final Archive archive;
  private final Opener objects;
  private final Map<String, RangeSource> others = new ConcurrentHashMap<>();

  /** Closing this does not close the archive. */
  public ArchiveSources(Archive archive, Opener objects) {
    this.archive = archive;
    this.objects = objects;
  }

  RangeSource source(String object) {
    return object.equals(archive.name())
        ? archive.source()
        : others.computeIfAbsent(object, objects::open);
  }

  /** The total length of the archive and the objects that it refers to. */
  public long length() {
    long length = archive.source().length();
    for (String object : archive.objects()) {
      length += source(object).length();
    }
    return length;
  }

  @Override
  public void close() {
    others.values().forEach(RangeSource::close);
  }
}

package dev.keg.backup.archive;

import dev.keg.backup.archive.index.RangeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An archive and the earlier objects it refers to, each opened when it is first needed. */
public final class ArchiveSources implements AutoCloseable {
  /** Where an archive and those that it refers to are kept, by name. */
  @FunctionalInterface
  public interface Opener {
    RangeSource open(String object);
  }

  private final Archive archive;
  private final Opener objects;
  private final Map<String, RangeSource> others = new ConcurrentHashMap<>();

  /** The archive stays its owner's to close. */
  public ArchiveSources(Archive archive, Opener objects) {
    this.archive = archive;
    this.objects = objects;
  }

  RangeSource source(String object) {
    return object.equals(archive.name())
        ? archive.source()
        : others.computeIfAbsent(object, objects::open);
  }

  /** How long the archive and the objects that it refers to are together. */
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

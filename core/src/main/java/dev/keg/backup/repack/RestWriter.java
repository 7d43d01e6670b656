package dev.keg.backup.repack;

import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.FrameThinner;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.backup.repack.Pieces.PartialFrame;
import dev.keg.backup.repack.Pieces.Piece;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.ThinnedFrame;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies parts of objects into rests or patches, and reads those back. All of them pass through the
 * same buffers: buffers that are outside the heap, or too large for the young part of it, take
 * memory until the whole heap is collected, which a short command hardly ever does.
 */
public final class RestWriter implements AutoCloseable {
  /** How much to read at once, unless a single piece is larger. */
  private static final int AT_ONCE = 4 << 20;

  /** Receives parts that were read and are sound, at the beginning of an array. */
  @FunctionalInterface
  private interface Sink {
    void write(byte[] bytes, int length) throws IOException;
  }

  private final Repository repository;
  private final ObjectStore from;
  private final LongConsumer advanced;
  private final FrameReader frames = new FrameReader(RestWriter::nowhere);
  private @Nullable FrameThinner thinner;
  private byte[] room = new byte[0];

  /**
   * @param from the source of the parts: the repository itself, or another that has the object
   */
  public RestWriter(Repository repository, ObjectStore from, LongConsumer advanced) {
    this.repository = repository;
    this.from = from;
    this.advanced = advanced;
  }

  private static RangeSource nowhere(String object) {
    throw new IllegalStateException("no source for " + object);
  }

  /**
   * @throws InvalidArchive if a part is damaged, or the rest cannot be read back; then no rest is
   *     written
   */
  void write(DataObject object, Pieces pieces) {
    write(object, pieces, repository.rests().next(object.name()));
  }

  /**
   * Writes pieces that replace the object's damaged ones.
   *
   * @throws InvalidArchive if one of them is damaged as well, or cannot be read back
   */
  public void patch(DataObject object, Pieces pieces) {
    write(object, pieces, repository.rests().nextPatch(object.name()));
  }

  private void write(DataObject object, Pieces pieces, ObjectName name) {
    copy(object, pieces, name);
    try {
      Rest written =
          repository.rests().of(object.name()).stream()
              .filter(rest -> rest.object().name().equals(name))
              .findFirst()
              .orElseThrow(() -> damaged(name, 0, "its table cannot be read back"));
      requireSound(object, pieces, written);
    } catch (InvalidArchive e) {
      repository.rests().discard(name);
      throw e;
    }
    repository.rests().settle(name);
  }

  private void copy(DataObject object, Pieces pieces, ObjectName name) {
    Needed needed = pieces.needed();
    Size size = new Size(pieces.length(Optional.empty()) + Rest.overhead(needed));
    try (RangeSource source = source(object);
        PendingObject rest = repository.rests().draft(name, size)) {
      Sink sink =
          (bytes, length) -> {
            rest.write(bytes, 0, length);
            advanced.accept(length);
          };
      read(object.name(), source, pieces, needed.whole(), sink);
      List<ThinnedFrame> thinned = thin(source, pieces, needed.whole().length(), sink);
      rest.write(Rest.end(object.size().bytes(), needed.whole(), thinned));
      rest.publish();
    } catch (IOException e) {
      throw StoreFailures.failure(StoreException.of(e));
    }
  }

  /** Writes the frames of which only a part is needed, one after another. */
  private List<ThinnedFrame> thin(RangeSource source, Pieces pieces, long position, Sink sink)
      throws IOException {
    List<ThinnedFrame> thinned = new ArrayList<>();
    long at = position;
    frames.readFrom(_ -> source);
    for (PartialFrame partial : pieces.thin()) {
      FrameThinner.ThinFrame packed =
          thinner().thin(partial.frame(), partial.key(), partial.blocks());
      int length = packed.stored().remaining();
      thinned.add(
          new ThinnedFrame(
              partial.content(), at, length, packed.crc(), Optional.of(packed.hash().bytes())));
      packed.stored().get(room(length), 0, length);
      sink.write(room, length);
      at += length;
    }
    return thinned;
  }

  /** Most objects need none. */
  private FrameThinner thinner() {
    FrameThinner made = thinner == null ? new FrameThinner(frames) : thinner;
    thinner = made;
    return made;
  }

  private byte[] room(int length) {
    if (room.length < length) {
      room = new byte[Math.max(length, Math.min(2 * length, AT_ONCE))];
    }
    return room;
  }

  /**
   * Reads all needed parts from a rest, which may soon be the only copy.
   *
   * @throws InvalidArchive if a part is damaged or missing
   */
  void requireSound(DataObject object, Pieces pieces, Rest rest) {
    ObjectName name = rest.object().name();
    try (RangeSource source = new RestSource(repository.store(), object, rest)) {
      read(name, source, pieces, pieces.needed().whole(), (_, _) -> {});
      frames.readFrom(_ -> source);
      pieces.thin().forEach(partial -> frames.read(partial.frame(), partial.blocks()));
    } catch (IOException e) {
      throw StoreFailures.failure(StoreException.of(e));
    }
  }

  /** The pieces that are sound in the source. */
  public Pieces sound(DataObject object, Pieces pieces) {
    try (RangeSource source = source(object)) {
      return pieces.where(
          (offset, piece) -> {
            byte[] bytes = room(piece.length());
            try {
              source.read(offset, ByteBuffer.wrap(bytes, 0, piece.length()));
            } catch (InvalidArchive _) {
              return false;
            }
            return isSound(source, offset, bytes, 0, piece);
          });
    }
  }

  private RangeSource source(DataObject object) {
    return new StoredArchives(from, Map.of(object.name().text(), object))
        .open(object.name().text());
  }

  /** Reads from a single rest, at the object's offsets. */
  private record RestSource(ObjectStore store, DataObject object, Rest rest)
      implements RangeSource {
    @Override
    public long length() {
      return object.size().bytes();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      try {
        if (!rest.read(store, offset, into)) {
          throw damaged(rest.object().name(), offset, "a part is missing");
        }
      } catch (StoreException e) {
        throw failure(offset, e);
      }
    }

    @Override
    public Optional<Thinned> readThinned(long offset, ByteBuffer into, Predicate<Thinned> enough) {
      ThinnedFrame frame = rest.thinned().get(offset);
      if (frame == null || frame.content().length() != into.remaining()) {
        return Optional.empty();
      }
      try {
        boolean isRead = rest.read(store, frame, into);
        return Optional.of(StoredArchives.thinned(frame))
            .filter(left -> isRead && enough.test(left) && left.isSound(into));
      } catch (StoreException e) {
        throw failure(offset, e);
      }
    }

    private VolumeException failure(long offset, StoreException e) {
      return switch (e) {
        case StoreException.Absent _, StoreException.Unreadable _, StoreException.Forged _ ->
            damaged(rest.object().name(), offset, "it cannot be read: " + e.getMessage());
        default -> StoreFailures.failure(e);
      };
    }

    @Override
    public void close() {}
  }

  private void read(
      ObjectName name, RangeSource source, Pieces pieces, ByteRanges ranges, Sink sink)
      throws IOException {
    for (Range range : ranges.list()) {
      read(name, source, range, pieces.in(range), sink);
    }
  }

  private void read(ObjectName name, RangeSource source, Range range, List<Piece> pieces, Sink sink)
      throws IOException {
    long offset = range.offset();
    List<Piece> together = new ArrayList<>();
    int length = 0;
    for (Piece piece : pieces) {
      if (length > 0 && length + piece.length() > AT_ONCE) {
        sink.write(sound(name, source, offset, together), length);
        offset += length;
        together.clear();
        length = 0;
      }
      together.add(piece);
      length += piece.length();
    }
    sink.write(sound(name, source, offset, together), length);
    if (offset + length != range.end()) {
      throw damaged(name, offset, "its pieces overlap");
    }
  }

  /** The bytes of adjacent pieces, at the beginning of the array. */
  private byte[] sound(ObjectName name, RangeSource source, long offset, List<Piece> pieces) {
    int length = pieces.stream().mapToInt(Piece::length).sum();
    byte[] bytes = room(length);
    source.read(offset, ByteBuffer.wrap(bytes, 0, length));
    int at = 0;
    for (Piece piece : pieces) {
      if (!isSound(source, offset + at, bytes, at, piece)) {
        throw damaged(name, offset + at, "its checksum is wrong");
      }
      at += piece.length();
    }
    return bytes;
  }

  /** Whether the bytes are sound, or become so after reading another copy. */
  private static boolean isSound(
      RangeSource source, long offset, byte[] bytes, int at, Piece piece) {
    ByteBuffer own = ByteBuffer.wrap(bytes, at, piece.length());
    return piece.isSound(own.duplicate()) || source.readAgain(offset, own, piece::isSound);
  }

  private static InvalidArchive damaged(ObjectName object, long offset, String why) {
    return new InvalidArchive(
        object.text(),
        "damaged at byte " + offset,
        why,
        object.text().startsWith(Rest.FOLDER)
            ? "nothing is deleted; if `keg verify --all` finds the archive intact, delete this"
                + " object"
            : "it is not repacked; `keg verify --all` shows which backups are affected");
  }

  @Override
  public void close() {
    frames.close();
    if (thinner != null) {
      thinner.close();
    }
  }
}

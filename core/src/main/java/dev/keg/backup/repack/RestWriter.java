package dev.keg.backup.repack;

import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.repack.Pieces.Piece;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Copies what is needed of an object into a rest. */
record RestWriter(Repository repository, LongConsumer advanced) {
  /** So much is read at once, or one piece that is larger. */
  private static final int AT_ONCE = 8 << 20;

  /**
   * @throws InvalidArchive if a part is damaged: nothing is written then
   */
  void write(DataObject object, Pieces pieces, ByteRanges ranges) {
    Size size = new Size(Rest.size(ranges));
    StoredArchives stored =
        new StoredArchives(repository.store(), Map.of(object.name().text(), object));
    try (RangeSource source = stored.open(object.name().text());
        PendingObject rest = repository.beginRest(object.name(), size)) {
      for (Range range : ranges.list()) {
        copy(object, source, range, pieces.in(range), rest);
      }
      rest.write(Rest.end(object.size().bytes(), ranges));
      rest.publish();
    } catch (StoreException e) {
      throw StoreFailures.failure(e);
    } catch (IOException e) {
      throw new IllegalStateException("a store fails in its own words only", e);
    }
  }

  private void copy(
      DataObject object, RangeSource source, Range range, List<Piece> pieces, PendingObject rest)
      throws IOException {
    long offset = range.offset();
    List<Piece> together = new ArrayList<>();
    int length = 0;
    for (Piece piece : pieces) {
      if (length > 0 && length + piece.length() > AT_ONCE) {
        copy(object, source, offset, together, rest);
        offset += length;
        together.clear();
        length = 0;
      }
      together.add(piece);
      length += piece.length();
    }
    copy(object, source, offset, together, rest);
    if (offset + length != range.end()) {
      throw damaged(object, offset, "pieces of it lie in each other");
    }
  }

  private void copy(
      DataObject object, RangeSource source, long offset, List<Piece> pieces, PendingObject rest)
      throws IOException {
    byte[] bytes = new byte[pieces.stream().mapToInt(Piece::length).sum()];
    source.read(offset, ByteBuffer.wrap(bytes));
    int at = 0;
    for (Piece piece : pieces) {
      if (!piece.isSound(ByteBuffer.wrap(bytes, at, piece.length()))) {
        throw damaged(object, offset + at, "its checksum is wrong");
      }
      at += piece.length();
    }
    rest.write(bytes, 0, bytes.length);
    advanced.accept(bytes.length);
  }

  private static InvalidArchive damaged(DataObject object, long offset, String why) {
    return new InvalidArchive(
        object.name().text(),
        "damaged at byte " + offset,
        why,
        "it is not repacked; keg verify --all says which backups it concerns");
  }
}

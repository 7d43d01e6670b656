package dev.keg.backup.browse;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.browse.BackedFile.Mark;
import java.util.List;
import java.util.Optional;

/**
 * A content by where it is stored. Hashes of frames compare only under one key; a small file shares
 * its frame with others, so that another frame says nothing of it.
 *
 * @param content the hash of a small file's content, if it is known
 */
record SliceMark(
    FrameKey key, Fingerprint fingerprint, List<Slice> slices, Optional<FrameHash> content)
    implements Mark {
  SliceMark {
    slices = List.copyOf(slices);
  }

  @Override
  public Optional<Boolean> isSame(Mark other) {
    if (!(other instanceof SliceMark that)) {
      return Optional.empty();
    }
    if (fingerprint.equals(that.fingerprint) && !fingerprint.equals(Fingerprint.NONE)) {
      return Optional.of(true);
    }
    if (slices.isEmpty() && that.slices.isEmpty()) {
      return Optional.of(true);
    }
    if (!key.equals(that.key)) {
      return Optional.empty();
    }
    if (hasSameSlices(that)) {
      return Optional.of(true);
    }
    if (content.isPresent() && that.content.isPresent()) {
      return Optional.of(content.equals(that.content));
    }
    // Large files are cut by their content alone.
    return hasOwnFrames() && that.hasOwnFrames() ? Optional.of(false) : Optional.empty();
  }

  private boolean hasSameSlices(SliceMark that) {
    if (slices.size() != that.slices.size()) {
      return false;
    }
    for (int i = 0; i < slices.size(); i++) {
      Slice one = slices.get(i);
      Slice other = that.slices.get(i);
      if (one.offset() != other.offset()
          || one.length() != other.length()
          || !one.frame().hash().equals(other.frame().hash())) {
        return false;
      }
    }
    return true;
  }

  private boolean hasOwnFrames() {
    return slices.size() > 1 && slices.stream().allMatch(Slice::isWholeFrame);
  }
}

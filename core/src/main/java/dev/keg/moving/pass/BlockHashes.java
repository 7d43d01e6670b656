package dev.keg.moving.pass;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.OpenFile;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The blocks in which both hosts compare a file: 128 KiB each, larger in a file of over 8 GiB, so
 * that there are few hashes. The hash of a block of zeros, or in a hole, is zero, and holes are not
 * read.
 */
final class BlockHashes {
  /** A file up to this size is sent whole. */
  static final int SMALLEST = 128 << 10;

  static final int HASH = 32;
  private static final int LARGEST = 64 << 20;
  private static final int FEW = 1 << 16;
  private static final int PIECE = SMALLEST;
  private static final byte[] ZEROS = new byte[HASH];
  private static final ByteBuffer ZERO_PIECE = ByteBuffer.allocate(PIECE).asReadOnlyBuffer();

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);

  BlockHashes() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The block size for a file of that size. */
  static int size(long fileSize) {
    int size = SMALLEST;
    while (size < LARGEST && fileSize / size > FEW) {
      size *= 2;
    }
    return size;
  }

  static int count(long fileSize) {
    return Math.toIntExact(Math.ceilDiv(fileSize, (long) size(fileSize)));
  }

  /** The length of the hashes of all blocks of a file. */
  static int hashBytes(long fileSize) {
    return Math.multiplyExact(count(fileSize), HASH);
  }

  /** The hashes of all blocks of a file, which is treated as having that size. */
  byte[] hashes(OpenFile file, long fileSize) {
    int size = size(fileSize);
    byte[] all = new byte[hashBytes(fileSize)];
    Holes holes = new Holes(file.data(fileSize));
    for (int i = 0; i * HASH < all.length; i++) {
      long start = (long) i * size;
      if (!holes.has(start, start + size)) {
        System.arraycopy(hash(file, start, size), 0, all, i * HASH, HASH);
      }
    }
    return all;
  }

  /** The hash of one block; shorter at the end of the file. */
  byte[] hash(OpenFile file, long start, int size) {
    digest.reset();
    boolean zero = true;
    for (long at = start; at < start + size; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(PIECE, start + size - at));
      int read = file.read(buffer, at);
      if (read <= 0) {
        break;
      }
      buffer.flip();
      zero &= buffer.equals(ZERO_PIECE.duplicate().limit(read));
      digest.update(buffer.duplicate());
    }
    return zero ? ZEROS.clone() : digest.digest();
  }

  /** A single hash of a file's content. */
  ByteString digest(OpenFile file, long fileSize) {
    byte[] hashes = hashes(file, fileSize);
    digest.reset();
    return ByteString.of(digest.digest(hashes));
  }

  static boolean isZero(byte[] hashes, int block) {
    return isSame(hashes, block, ZEROS);
  }

  static boolean isSame(byte[] hashes, int block, byte[] hash) {
    int at = block * HASH;
    return at + HASH <= hashes.length && Arrays.equals(hashes, at, at + HASH, hash, 0, HASH);
  }

  /** Finds, for ranges in ascending order, those in which a file has no data. */
  static final class Holes {
    private final Iterator<Extent> rest;
    private Extent current;

    Holes(List<Extent> data) {
      rest = data.iterator();
      current = next();
    }

    private Extent next() {
      return rest.hasNext() ? rest.next() : new Extent(Long.MAX_VALUE - 1, 1);
    }

    boolean has(long start, long end) {
      while (current.end() <= start) {
        current = next();
      }
      return current.offset() >= end;
    }
  }
}

package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.Compression.Layer;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FramePipeline.Job;
import dev.keg.backup.archive.frame.ZstdEncoders;
import dev.keg.backup.archive.index.Totals;
import dev.keg.tree.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Writes a compressed tar stream without an index; the same tree gives the same bytes. */
final class StreamSink implements FrameSink {
  /** How the frames of a stream are packed, one after another. */
  interface Packing extends AutoCloseable {
    /** Leaves the stream unchanged. */
    Packing NONE =
        _ -> buffer -> buffer.room(buffer.plain.remaining()).put(buffer.plain.duplicate()).flip();

    /** The job for the next frame, whose plain bytes end at the buffer's position. */
    Job next(FrameBuffer full);

    /** An entry of the stream. */
    default void entry(Entry entry) {}

    /** The start of the stream. */
    default ByteBuffer header() {
      return ByteBuffer.allocate(0);
    }

    /** The end of the stream; called after all frames are written. */
    default ByteBuffer trailer() {
      return ByteBuffer.allocate(0);
    }

    @Override
    default void close() {}
  }

  /** Creates zstd frames, and passes on their plain bytes. */
  record LayerPacking(Layer layer, ZstdEncoders encoders) implements Packing {
    LayerPacking(Layer layer) {
      this(layer, new ZstdEncoders(layer.level()));
    }

    @Override
    public Job next(FrameBuffer full) {
      return new Job() {
        @Override
        public void pack(FrameBuffer buffer) {
          encoders.encode(buffer);
        }

        @Override
        public void written(long offset, FrameBuffer buffer) {
          layer.plain().accept(buffer.plain.duplicate());
        }
      };
    }

    @Override
    public void entry(Entry entry) {
      layer.files().accept(entry);
    }

    @Override
    public void close() {
      encoders.close();
    }
  }

  private final FramePipeline pipeline;
  private final Packing packing;

  StreamSink(FramePipeline pipeline, Packing packing) {
    this.pipeline = pipeline;
    this.packing = packing;
    pipeline.submit(_ -> new ByteBuffer[] {packing.header()});
  }

  @Override
  public FrameBuffer take() {
    return pipeline.take();
  }

  @Override
  public void frame(FrameBuffer full, Frame frame, Optional<List<Piece>> earlier) {
    pipeline.submit(full, packing.next(full));
  }

  @Override
  public void entry(PendingEntry entry) {
    packing.entry(entry.entry());
  }

  @Override
  public boolean pageIsDue() {
    return false;
  }

  @Override
  public void page() {}

  @Override
  public long finish(Totals totals) {
    pipeline.submit(_ -> new ByteBuffer[] {packing.trailer()});
    return pipeline.finish();
  }

  @Override
  public boolean isBroken() {
    return pipeline.isBroken();
  }

  @Override
  public void close() {
    pipeline.close();
    packing.close();
  }
}

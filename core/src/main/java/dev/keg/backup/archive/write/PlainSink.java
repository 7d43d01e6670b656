package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.index.Totals;
import java.util.List;
import java.util.Optional;

/** Writes the tar stream as it is. */
final class PlainSink implements FrameSink {
  private final FramePipeline pipeline;

  PlainSink(FramePipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public FrameBuffer take() {
    return pipeline.take();
  }

  @Override
  public void frame(FrameBuffer full, Frame frame, Optional<List<Piece>> earlier) {
    pipeline.submit(
        full,
        new FramePipeline.Job() {
          @Override
          public void pack(FrameBuffer buffer) {
            buffer.packed.clear().put(buffer.plain.duplicate()).flip();
          }

          @Override
          public void written(long offset, FrameBuffer buffer) {}
        });
  }

  @Override
  public void entry(PendingEntry entry) {}

  @Override
  public boolean pageIsDue() {
    return false;
  }

  @Override
  public void page() {}

  @Override
  public long finish(Totals totals) {
    return pipeline.finish();
  }

  @Override
  public boolean isBroken() {
    return pipeline.isBroken();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}

package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.Compression.Layer;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.ZstdEncoders;
import dev.keg.backup.archive.index.Totals;
import java.util.List;
import java.util.Optional;

/** Writes zstd frames one after the other, without an index; the same tree gives the same bytes. */
final class LayerSink implements FrameSink {
  private final FramePipeline pipeline;
  private final Layer layer;
  private final ZstdEncoders encoders;

  LayerSink(FramePipeline pipeline, Layer layer) {
    this.pipeline = pipeline;
    this.layer = layer;
    this.encoders = new ZstdEncoders(layer.level());
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
            encoders.encode(buffer);
          }

          @Override
          public void written(long offset, FrameBuffer buffer) {
            layer.plain().accept(buffer.plain.duplicate());
          }
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
    encoders.close();
  }
}

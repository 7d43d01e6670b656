package dev.keg.backup.archive;

import java.nio.ByteBuffer;

/** Writes the tar stream as it is. */
final class PlainSink implements FrameSink {
  private final FramePipeline pipeline;

  PlainSink(FramePipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Its encoder: no more than a copy. */
  static FrameEncoder encoder() {
    return new FrameEncoder() {
      @Override
      public int room(int plain) {
        return plain;
      }

      @Override
      public void encode(ByteBuffer plain, ByteBuffer packed) {
        packed.put(plain.duplicate());
      }
    };
  }

  @Override
  public FrameBuffer take() {
    return pipeline.take();
  }

  @Override
  public void frame(FrameBuffer full, Frame frame, boolean content) {
    pipeline.submit(
        full,
        new FramePipeline.Job() {
          @Override
          public void pack(FrameBuffer buffer) {
            buffer.encode();
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

package dev.keg.cli.option;

import dev.keg.cli.output.VolumeOrder;

/** The value of {@code ls --sort}. */
public final class OrderWord extends OneOf<VolumeOrder> {
  OrderWord() {
    super(VolumeOrder.values(), VolumeOrder::word);
  }
}

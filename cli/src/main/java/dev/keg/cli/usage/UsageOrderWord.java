package dev.keg.cli.usage;

import dev.keg.cli.option.OneOf;

/** The value of {@code df --sort}. */
public final class UsageOrderWord extends OneOf<UsageOrder> {
  UsageOrderWord() {
    super(UsageOrder.values(), UsageOrder::word);
  }
}

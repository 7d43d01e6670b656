/**
 * What Keg needs from the operating system. Depends on the packages whose interfaces a system
 * implements: {@code activity}, {@code attachment}, {@code driver}, {@code machine}, {@code
 * publish}, {@code tree}, {@code tuning} and {@code usage}. No other package of core depends on it:
 * the front end hands down the parts that each needs.
 */
@NullMarked
package dev.keg.platform;

import org.jspecify.annotations.NullMarked;

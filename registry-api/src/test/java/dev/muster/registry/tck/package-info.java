/**
 * The contract of {@link dev.muster.registry.ConnectionRegistry} as tests.
 *
 * <p>A registry of one's own is held to it by a subclass of {@code ConnectionRegistryTck} that returns a
 * {@link dev.muster.registry.tck.RegistryFixture}: how to make a registry, and how to break what it stands on. The names
 * of the tests begin with the rule they check. What a backend cannot do is a missing
 * {@link dev.muster.registry.tck.Capability}; the report then names it.
 */
@NullMarked
package dev.muster.registry.tck;

import org.jspecify.annotations.NullMarked;

// Editions of the register: which ones this house has, and how the secretariat publishes the next.
import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { PublishRegisterInput, RegisterEdition } from '../schema/register-edition'
import type { Context } from './context'

@Resolver(() => RegisterEdition)
export class RegisterEditionResolver {
  @Query(() => [RegisterEdition], { description: 'Editions of the register that this house has, newest first; the first whose day has come applies.' })
  registerEditions(@Ctx() context: Context): readonly object[] { return context.house.editions() }

  @Authorized('PUBLISH_REGISTER')
  @Mutation(() => RegisterEdition, { description: 'Publishes the next edition of the register: the whole set is checked, signed by the hub and taken over by every node; requests already sent keep the rows that they relied on. Role: SECRETARIAT, at the hub. BAD_USER_INPUT names file, path and fault of a wrong row; VERSION_CONFLICT where another edition came first.' })
  publishRegister(@Ctx() context: Context, @Arg('input', () => PublishRegisterInput, { description: 'What changes, and from when.' }) input: PublishRegisterInput): Promise<object> {
    return context.house.publishRegister({ expectedVersion: input.expectedVersion, appliesFrom: input.appliesFrom, files: input.files.map(({ name, text }) => ({ name, text })) })
  }
}

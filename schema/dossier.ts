// The content of a request. Types alone, no behaviour.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { Confidentiality, DataClass, ProceedingsStage } from '../src/domain/vocabulary'
import { ConfidentialityEnum, DataClassEnum, ProceedingsStageEnum } from './enums'
import { DossierParts } from './dossier-parts'
import { CountryCodeScalar, InstantScalar, LocalDateScalar, Sha256Scalar } from './scalars'

@ObjectType('Preservation', { description: 'A preservation of data.' })
export class Preservation {
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day of preservation asked for.' })
  until?: string | null
  @Field(() => String, { nullable: true, description: 'Reference of an earlier preservation.' })
  reference?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Whether a formal request will follow.' })
  followUpIntended?: boolean | null
}

@ObjectType('Offence', { description: 'An offence.' })
export class Offence {
  @Field(() => String, { description: 'Its name.' })
  name!: string
  @Field(() => String, { description: 'Its provision, copied.' })
  provision!: string
  @Field(() => Float, { nullable: true, description: 'Highest penalty in years; null where not stated.' })
  maxPenaltyYears?: number | null
  @Field(() => String, { nullable: true, description: 'Category by code (list OFFENCE_CATEGORY); null where none.' })
  category?: string | null
}

@ObjectType('Person', { description: 'A person concerned.' })
export class Person {
  @Field(() => String, { description: 'Role by code (list PERSON_ROLE).' })
  role!: string
  @Field(() => String, { description: 'Name.' })
  name!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'Date of birth; null where not known.' })
  birthDate?: string | null
  @Field(() => CountryCodeScalar, { nullable: true, description: 'Nationality; null where not known.' })
  nationality?: string | null
  @Field(() => [String], { nullable: true, description: 'Other names; null where not said.' })
  aliases?: string[] | null
  @Field(() => String, { nullable: true, description: 'Address; null where not known.' })
  address?: string | null
  @Field(() => String, { nullable: true, description: 'Number of a passport or other document; null where not known.' })
  documentNumber?: string | null
  @Field(() => String, { nullable: true, description: 'Defence counsel; null where not known.' })
  defenceCounsel?: string | null
}

@ObjectType('Identifier', { description: 'Something that identifies data, an account or a thing.' })
export class Identifier {
  @Field(() => String, { description: 'Kind by code (list IDENTIFIER_KIND).' })
  kind!: string
  @Field(() => String, { description: 'Its value.' })
  value!: string
  @Field(() => Int, { nullable: true, description: 'Port of an IP address; null where not known.' })
  port?: number | null
  @Field(() => InstantScalar, { nullable: true, description: 'Moment at which an IP address was used; null where not known.' })
  at?: string | null
}

@ObjectType('TimeWindow', { description: 'A period of time.' })
export class TimeWindow {
  @Field(() => InstantScalar, { description: 'Its beginning.' })
  from!: string
  @Field(() => InstantScalar, { description: 'Its end.' })
  to!: string
}

@ObjectType('Proportionality', { description: 'Why a measure is proportionate.' })
export class Proportionality {
  @Field(() => String, { description: 'Its aim.' })
  aim!: string
  @Field(() => String, { description: 'Why it is necessary.' })
  necessity!: string
  @Field(() => String, { description: 'Less intrusive means that were considered.' })
  lessIntrusive!: string
  @Field(() => String, { nullable: true, description: 'How the scope is kept narrow; null where not said.' })
  scopeLimits?: string | null
  @Field(() => String, { nullable: true, description: 'Third persons affected, and how they are spared; null where not said.' })
  thirdParties?: string | null
}

@ObjectType('Dossier', { description: 'The content of a request. A draft may lack what `checkDraft` will ask for; a submitted dossier lacks nothing that its kind, basis and measures need.' })
export class Dossier extends DossierParts {
  @Field(() => String, { nullable: true, description: 'Facts: time, place, conduct, role.' })
  facts?: string | null
  @Field(() => String, { nullable: true, description: 'What the assistance is for; the purpose binds its use.' })
  purpose?: string | null
  @Field(() => String, { nullable: true, description: 'Link between what is asked and the investigation.' })
  nexus?: string | null
  @Field(() => [Offence], { description: 'Offences with their provisions.' })
  offences!: Offence[]
  @Field(() => [Person], { description: 'Persons concerned.' })
  persons!: Person[]
  @Field(() => [Identifier], { description: 'Accounts, addresses, devices and the like.' })
  identifiers!: Identifier[]
  @Field(() => ProceedingsStageEnum, { nullable: true, description: 'Stage of the proceedings.' })
  stage?: ProceedingsStage | null
  @Field(() => String, { nullable: true, description: 'Function of the issuing official, no personal name.' })
  issuedBy?: string | null
  @Field(() => String, { nullable: true, description: 'Why it is urgent; needed above ROUTINE.' })
  urgencyGround?: string | null
  @Field(() => InstantScalar, { nullable: true, description: 'When the requesting side needs it.' })
  neededBy?: string | null
  @Field(() => TimeWindow, { nullable: true, description: 'Period that the data are from.' })
  timeWindow?: TimeWindow | null
  @Field(() => [DataClassEnum], { description: 'Classes of data asked for.' })
  dataClasses!: DataClass[]
  @Field(() => String, { nullable: true, description: 'Provider or custodian.' })
  custodian?: string | null
  @Field(() => Preservation, { nullable: true, description: 'Preservation asked for or relied on.' })
  preservation?: Preservation | null
  @Field(() => [String], { description: 'Formalities to observe.' })
  formalities!: string[]
  @Field(() => Proportionality, { nullable: true, description: 'Why the measure is proportionate.' })
  proportionality?: Proportionality | null
  @Field(() => String, { nullable: true, description: 'The imminent risk to life or safety and how the assistance relates to it (CETS 224 art. 3(2)(c)).' })
  emergencyStatement?: string | null
  @Field(() => String, { nullable: true, description: 'Why the act is an offence in both states.' })
  dualCriminalityStatement?: string | null
  @Field(() => ConfidentialityEnum, { description: 'Level of confidentiality.' })
  confidentiality!: Confidentiality
  @Field(() => [String], { description: 'Use restrictions by code (list USE_RESTRICTION).' })
  useRestrictions!: string[]
  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day of retention.' })
  retainUntil?: string | null
  @Field(() => String, { nullable: true, description: 'Language of the request, ISO 639-1.' })
  language?: string | null
  @Field(() => Sha256Scalar, { description: 'Salted digest by which the dossier is known in the ledgers of both sides.' })
  digest!: string
}

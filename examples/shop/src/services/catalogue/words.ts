/** The words that product names are made of. Order matters: the generator draws by position. */

export interface Category {
  readonly name: string;
  /** What is sold, with a typical price in cents and words that people also search for. */
  readonly things: readonly (readonly [noun: string, typicalCents: number, keywords: string])[];
}

export const CATEGORIES: readonly Category[] = [
  {
    name: 'Lighting',
    things: [
      ['Desk Lamp', 4_900, 'light office reading'],
      ['Floor Lamp', 8_900, 'light living room'],
      ['Pendant Light', 7_500, 'lamp ceiling dining'],
      ['Lantern', 2_900, 'light outdoor garden'],
      ['Night Light', 1_500, 'lamp bedroom kids'],
      ['String Lights', 1_900, 'lamp party balcony'],
      ['Wall Sconce', 5_900, 'lamp light hallway'],
    ],
  },
  {
    name: 'Kitchen',
    things: [
      ['Frying Pan', 3_900, 'cooking skillet stove'],
      ['Kettle', 3_400, 'tea water boil'],
      ['Chef Knife', 5_400, 'cooking blade cut'],
      ['Cutting Board', 2_400, 'cooking chop'],
      ['Coffee Grinder', 6_900, 'espresso beans mill'],
      ['Mixing Bowl', 1_700, 'baking dough'],
      ['Teapot', 3_100, 'tea kettle brew'],
    ],
  },
  {
    name: 'Furniture',
    things: [
      ['Bookshelf', 12_900, 'books storage living room'],
      ['Armchair', 17_900, 'seat living room reading'],
      ['Side Table', 7_900, 'sofa living room'],
      ['Bar Stool', 6_900, 'seat kitchen'],
      ['Writing Desk', 18_900, 'office table work'],
      ['Coat Rack', 5_900, 'hallway clothes'],
      ['Bench', 9_900, 'seat hallway dining'],
    ],
  },
  {
    name: 'Outdoor',
    things: [
      ['Tent', 15_900, 'camping hiking sleep'],
      ['Sleeping Bag', 8_900, 'camping hiking night'],
      ['Camping Stove', 5_900, 'hiking cooking gas'],
      ['Hammock', 4_900, 'garden relax'],
      ['Trekking Poles', 5_400, 'hiking walking'],
      ['Cool Box', 4_400, 'picnic camping food'],
      ['Picnic Blanket', 2_600, 'garden park'],
    ],
  },
  {
    name: 'Sports',
    things: [
      ['Yoga Mat', 2_900, 'fitness gym pilates'],
      ['Dumbbell Set', 5_900, 'fitness gym weights'],
      ['Skipping Rope', 1_300, 'fitness cardio'],
      ['Running Belt', 1_900, 'jogging marathon'],
      ['Bike Helmet', 5_900, 'cycling bicycle safety'],
      ['Football', 2_400, 'soccer ball team'],
      ['Tennis Racket', 8_900, 'ball court'],
    ],
  },
  {
    name: 'Audio',
    things: [
      ['Headphones', 11_900, 'music wireless sound'],
      ['Earbuds', 7_900, 'music wireless sound'],
      ['Bluetooth Speaker', 6_900, 'music party sound'],
      ['Turntable', 17_900, 'vinyl record music'],
      ['Soundbar', 16_900, 'television sound'],
      ['Microphone', 8_900, 'podcast recording'],
      ['Radio', 4_900, 'music kitchen'],
    ],
  },
  {
    name: 'Computing',
    things: [
      ['Keyboard', 7_400, 'typing office mechanical'],
      ['Mouse', 3_900, 'office wireless'],
      ['Monitor Stand', 4_400, 'office desk screen'],
      ['USB Hub', 2_900, 'ports adapter laptop'],
      ['Webcam', 5_900, 'video meeting camera'],
      ['Laptop Sleeve', 2_600, 'bag notebook case'],
      ['Portable Drive', 8_400, 'storage backup ssd'],
    ],
  },
  {
    name: 'Stationery',
    things: [
      ['Notebook', 1_200, 'paper writing journal'],
      ['Fountain Pen', 3_900, 'ink writing'],
      ['Pencil Set', 1_400, 'drawing school'],
      ['Desk Organizer', 2_200, 'office tidy'],
      ['Wall Calendar', 1_600, 'year planner'],
      ['Sketchbook', 1_500, 'paper drawing art'],
      ['Letter Opener', 1_100, 'office mail'],
    ],
  },
  {
    name: 'Garden',
    things: [
      ['Watering Can', 2_300, 'plants flowers'],
      ['Plant Pot', 1_800, 'flowers balcony'],
      ['Pruning Shears', 2_700, 'roses hedge cut'],
      ['Bird Feeder', 2_100, 'birds winter'],
      ['Garden Hose', 3_600, 'water lawn'],
      ['Raised Bed', 8_900, 'vegetables planting'],
      ['Fire Bowl', 9_900, 'evening terrace grill'],
    ],
  },
  {
    name: 'Toys',
    things: [
      ['Building Blocks', 2_900, 'kids construction'],
      ['Board Game', 3_400, 'family evening'],
      ['Jigsaw Puzzle', 1_900, 'family pieces'],
      ['Plush Bear', 2_200, 'kids soft animal'],
      ['Toy Train', 4_400, 'kids railway'],
      ['Kite', 1_800, 'kids wind outdoor'],
      ['Science Kit', 3_900, 'kids experiment learning'],
    ],
  },
  {
    name: 'Travel',
    things: [
      ['Suitcase', 11_900, 'luggage flight trip'],
      ['Backpack', 7_900, 'bag rucksack hiking'],
      ['Travel Pillow', 2_400, 'flight sleep neck'],
      ['Wash Bag', 2_600, 'toiletry bathroom'],
      ['Water Bottle', 2_200, 'drink flask hiking'],
      ['Umbrella', 2_800, 'rain weather'],
      ['Packing Cubes', 2_500, 'luggage bag suitcase'],
    ],
  },
  {
    name: 'Bath',
    things: [
      ['Towel Set', 3_400, 'bathroom cotton shower'],
      ['Bath Mat', 2_100, 'bathroom floor'],
      ['Soap Dispenser', 1_700, 'bathroom hands'],
      ['Shower Caddy', 2_600, 'bathroom shelf'],
      ['Robe', 5_900, 'bathroom cotton morning'],
      ['Laundry Basket', 3_300, 'clothes washing'],
      ['Mirror', 6_400, 'bathroom hallway'],
    ],
  },
];

export const BRANDS: readonly string[] = [
  ...[
    'Alder',
    'Aurora',
    'Bergen',
    'Birchwood',
    'Calla',
    'Corvid',
    'Dune',
    'Eastway',
    'Fjell',
    'Granite',
    'Harbour',
    'Isla',
  ],
  ...[
    'Juniper',
    'Kestrel',
    'Larkspur',
    'Marlow',
    'Norden',
    'Orchard',
    'Pinecrest',
    'Quarry',
    'Rowan',
    'Solis',
    'Tern',
    'Willow',
  ],
];

export const STYLES: readonly string[] = [
  ...['Classic', 'Compact', 'Deluxe', 'Everyday', 'Folding', 'Heritage', 'Light', 'Midnight'],
  ...['Natural', 'Nova', 'Pro', 'Recycled', 'Slim', 'Studio', 'Urban', 'Vintage'],
];

export const FIRST_NAMES: readonly string[] = [
  ...[
    'Ada',
    'Alan',
    'Amara',
    'Barbara',
    'Carlos',
    'Chen',
    'Dorothy',
    'Edsger',
    'Elif',
    'Fatima',
    'Grace',
    'Hedy',
    'Ibrahim',
  ],
  ...[
    'Ingrid',
    'Jonas',
    'Katherine',
    'Leslie',
    'Mary',
    'Mei',
    'Niklaus',
    'Olga',
    'Priya',
    'Radia',
    'Sofia',
    'Tim',
  ],
];

export const LAST_NAMES: readonly string[] = [
  ...[
    'Adeyemi',
    'Bauer',
    'Costa',
    'Dubois',
    'Eriksen',
    'Fischer',
    'Garcia',
    'Haddad',
    'Ivanova',
    'Jansen',
    'Kowalski',
  ],
  ...['Larsen', 'Moreau', 'Novak', 'Okafor', 'Papadakis', 'Rossi', 'Silva', 'Tanaka', 'Weber'],
];
